;;; Drives Emacs through the steps of a test, by the commands a user calls.  -*- lexical-binding: t -*-

;; What differs between Eglot and lsp-mode is in eglot.el and lsp_mode.el, one of which is loaded.
;; Emacs runs in a terminal, because in batch mode it is never idle, and clients and Flymake do their
;; work when it is, and after commands.  So every look at what a step has done is a command of its
;; own, and between two of them Emacs has a while for itself.

(require 'cl-lib)
(require 'json)

(defconst drive-case "/mnt/case/")
(defconst drive-pause 0.3)
(defconst drive-patience 60)

;; What Emacs does when it is idle, it does within one pause.
(setq flymake-no-changes-timeout 0.1)

(defun drive-text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defun drive-choosing (command)
  "The menu that COMMAND shows, once its default has changed the text."
  (let ((before (drive-text)) menu)
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items _predicate _match _initial _history default &rest _)
                 (setq menu (mapcar #'car items))
                 (or default (car menu)))))
      (call-interactively command))
    (unless (equal before (drive-text))
      (vconcat menu))))

;; A step gives a list with what there is to see, or nil if that is still to come; LATE, it has to.

(defun drive-shown (late count)
  (let ((shown (drive-diagnostics)))
    (when (or late (= count (length shown)))
      (list (vconcat (sort shown (lambda (one other) (< (car one) (car other)))))))))

(defun drive-quick_fix (late word)
  (goto-char (point-min))
  (search-forward word)
  (goto-char (match-beginning 0))
  (let ((menu (drive-choosing drive-quick-fix)))
    (when (or late menu)
      (list (list menu (drive-text))))))

(defun drive-fix_all (late)
  (when (or (drive-choosing drive-fix-all) late)
    (list (drive-text))))

(defun drive-type (_late line)
  (goto-char (point-max))
  (execute-kbd-macro (concat line "\r"))
  (list (drive-text)))

(defun drive-undo (_late)
  (undo)
  (list (drive-text)))

(defun drive-save (_late)
  (save-buffer)
  (copy-file buffer-file-name (format "%ssaved-%d" drive-case drive-number))
  (list (drive-text)))

(defun drive-save_fixing (late)
  "Saving does not wait long for the server: where it came too late, a user saves again."
  (let ((before (drive-text)))
    (set-buffer-modified-p t)
    (save-buffer)
    (when (or late (not (equal before (drive-text))))
      (drive-save late))))

(defvar drive-steps (append (json-read-file (concat drive-case "steps.json")) nil))
(defvar drive-number 0)
(defvar drive-began nil "When the step began.")

(defun drive ()
  "Take the next step, or the same one again until something came of it."
  (interactive)
  (condition-case problem
      (let* ((step (append (nth drive-number drive-steps) nil))
             (now (float-time))
             (late (< drive-patience (- now (or drive-began (setq drive-began now)))))
             (act (intern (concat "drive-" (car step))))
             (seen (with-demoted-errors "%S" (apply act late (cdr step)))))
        (when (or seen late)
          (write-region (concat (json-encode (car seen)) "\n") nil
                        (concat drive-case "observed.jsonl") 'append 'quiet)
          (setq drive-number (1+ drive-number) drive-began nil))
        (when (= drive-number (length drive-steps))
          (set-buffer-modified-p nil)
          (kill-emacs 0)))
    (error
     (write-region (format "%S\n%s" problem (drive-text)) nil (concat drive-case "failure.txt"))
     (kill-emacs 1))))

(global-set-key [drive] #'drive)
(run-at-time drive-pause drive-pause
             (lambda () (unless unread-command-events (setq unread-command-events (list 'drive)))))
