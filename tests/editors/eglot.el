;;; What emacs.el asks of Eglot.  -*- lexical-binding: t -*-

(setq eglot-send-changes-idle-time 0.1)

(defconst drive-quick-fix #'eglot-code-actions)
(defconst drive-fix-all #'sentry-migrate-fix-all)

(defun drive-diagnostic (one)
  "The line of ONE, from 0, the text that it covers, its code and severity."
  (let* ((begin (flymake-diagnostic-beg one))
         (end (flymake-diagnostic-end one))
         (data (alist-get 'eglot-lsp-diag (flymake-diagnostic-data one))))
    (list (1- (line-number-at-pos begin))
          (buffer-substring-no-properties begin end)
          (plist-get data :code)
          (plist-get data :severity))))

(defun drive-diagnostics ()
  (mapcar #'drive-diagnostic (flymake-diagnostics)))

(defun drive-stop (_late)
  (let ((server (eglot-current-server)))
    (eglot-shutdown server)
    (list (not (jsonrpc-running-p server)))))
