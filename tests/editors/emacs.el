;;; Drives Emacs with Eglot through the steps of a test, by the commands a user calls.  -*- lexical-binding: t -*-

;; Emacs runs in a terminal and `drive' as a command typed by a user, because in batch mode Emacs is
;; never idle, and Eglot and Flymake do their work when it is.

(require 'cl-lib)
(require 'json)

(defconst drive-case "/mnt/case/")
(defconst drive-patience 20)

;; What Emacs does when it is idle, it does within one `sit-for' here.
(setq eglot-send-changes-idle-time 0.1
      flymake-no-changes-timeout 0.1)

(defun drive-settled (ready seconds)
  "Wait until READY gives something, at most SECONDS, and give that."
  (let ((end (+ (float-time) seconds)) value)
    (while (and (not (setq value (funcall ready))) (< (float-time) end))
      (sit-for 0.3))
    value))

(defun drive-text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun drive-choosing (act)
  "The menu that ACT shows, and the text that comes of its default."
  (let ((before (drive-text)) (end (+ (float-time) drive-patience)) menu)
    (undo-boundary)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items _predicate _match _initial _history default &rest _)
                 (setq menu (mapcar #'car items))
                 default)))
      (while (and (equal before (drive-text)) (< (float-time) end))
        (with-demoted-errors "%S" (funcall act))
        (drive-settled (lambda () (not (equal before (drive-text)))) 2)))
    (undo-boundary)
    (list (vconcat menu) (drive-text))))

(defun drive-diagnostic (one)
  (let* ((begin (flymake-diagnostic-beg one))
         (end (flymake-diagnostic-end one))
         (data (alist-get 'eglot-lsp-diag (flymake-diagnostic-data one))))
    (list (1- (line-number-at-pos begin))
          (buffer-substring-no-properties begin end)
          (plist-get data :code)
          (plist-get data :severity))))

(defun drive-shown (count)
  (drive-settled (lambda () (= count (length (flymake-diagnostics)))) drive-patience)
  (vconcat (sort (mapcar #'drive-diagnostic (flymake-diagnostics))
                 (lambda (one other) (< (car one) (car other))))))

(defun drive-quick_fix (word)
  (goto-char (point-min))
  (search-forward word)
  (goto-char (match-beginning 0))
  (drive-choosing (lambda () (call-interactively #'eglot-code-actions))))

(defun drive-fix_all ()
  (cadr (drive-choosing (lambda () (call-interactively #'sentry-migrate-fix-all)))))

(defun drive-type (line)
  (goto-char (point-max))
  (execute-kbd-macro (concat line "\r"))
  (undo-boundary)
  (drive-text))

(defun drive-undo ()
  (setq last-command nil)
  (undo)
  (undo-boundary)
  (drive-text))

(defun drive-save (number)
  (save-buffer)
  (copy-file buffer-file-name (format "%ssaved-%d" drive-case number))
  (drive-text))

(defun drive-save_fixing (number)
  "Saving does not wait long for the server: where it came too late, a user saves again."
  (let ((before (drive-text)) (end (+ (float-time) drive-patience)))
    (while (and (equal before (drive-text)) (< (float-time) end))
      (set-buffer-modified-p t)
      (save-buffer)))
  (drive-save number))

(defun drive-stop ()
  (let ((server (eglot-current-server)))
    (eglot-shutdown server)
    (not (jsonrpc-running-p server))))

(defun drive ()
  (interactive)
  (condition-case problem
      (let ((steps (json-read-file (concat drive-case "steps.json"))) (inhibit-message t))
        (dotimes (number (length steps))
          (let* ((step (append (aref steps number) nil))
                 (act (intern (concat "drive-" (car step))))
                 (arguments (if (string-prefix-p "save" (car step)) (list number) (cdr step)))
                 (seen (apply act arguments)))
            (write-region (concat (json-encode (or seen :json-false)) "\n") nil
                          (concat drive-case "observed.jsonl") 'append 'quiet)))
        (kill-emacs 0))
    (error
     (write-region (format "%S\n%s\n%s" problem (drive-text)
                           (with-current-buffer (messages-buffer) (buffer-string)))
                   nil (concat drive-case "failure.txt"))
     (kill-emacs 1))))

(setq unread-command-events (listify-key-sequence (kbd "M-x drive RET")))
