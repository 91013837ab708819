;;; What emacs.el asks of lsp-mode.  -*- lexical-binding: t -*-

(setq lsp-auto-guess-root t  ; or it asks a person which folder is the project
      lsp-idle-delay 0.1)

(defconst drive-quick-fix #'lsp-execute-code-action)
(defconst drive-fix-all #'lsp-sentry-migrate-fix-all)

(defun drive-diagnostic (one)
  "The line of ONE, from 0, the text that it covers, its code and severity."
  (pcase-let ((`(,begin . ,end) (lsp--range-to-region (gethash "range" one))))
    (list (1- (line-number-at-pos begin))
          (buffer-substring-no-properties begin end)
          (gethash "code" one)
          (gethash "severity" one))))

(defun drive-diagnostics ()
  (mapcar #'drive-diagnostic (lsp--get-buffer-diagnostics)))

(defvar drive-stopped nil "What was told to stop.")

(defun drive-stop (late)
  (unless drive-stopped
    (setq drive-stopped (car (lsp-workspaces)))
    (lsp-workspace-shutdown drive-stopped))
  (when (or late (not (lsp-workspaces)))
    (list (not (lsp-workspaces)))))
