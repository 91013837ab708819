" Drives Vim with ALE through the steps of a test, by the keys a user presses.
"
" Vim runs in a terminal and a timer looks at what a step has done, so that keys are typed, changes
" are noticed and jobs are heard as they are with a user.

let s:case = '/mnt/case/'
let s:pause = 200
let s:patience = 60
let s:severities = {'E': 1, 'W': 2}

set nomore cmdheight=10

function! s:Text() abort
  return join(getline(1, '$'), "\n") . "\n"
endfunction

function! s:Diagnostic(one) abort
  let l:covered = getline(a:one.lnum)[a:one.col - 1 : a:one.end_col - 1]
  return [a:one.lnum - 1, l:covered, a:one.code, s:severities[a:one.type]]
endfunction

" The one place that is not a key: ALE asks while the answer of the server is handled, and no key
" can be typed before the question is there.
runtime autoload/ale/util.vim
function! ale#util#Input(message, ...) abort
  let s:menu = filter(map(split(a:message, "\n"), 'matchstr(v:val, ''^\d\+) \zs.*'')'), '!empty(v:val)')
  return '1'
endfunction

" A step gives a list with what there is to see, or an empty one if that is still to come. What it
" does, it does the first time; after that it only looks.

function! s:shown(first, count) abort
  let l:found = copy(ale#engine#GetLoclist(bufnr('')))
  return len(l:found) == a:count ? [map(l:found, 's:Diagnostic(v:val)')] : []
endfunction

function! s:Typing(first, keys) abort
  if a:first
    let s:before = s:Text()
    call feedkeys(a:keys, 't')
  endif
  return s:Text() ==# s:before ? [] : [s:Text()]
endfunction

function! s:quick_fix(first, word) abort
  if a:first
    call cursor(1, 1)
    call search('\V' . a:word)
  endif
  let l:text = s:Typing(a:first, ":ALECodeAction\<CR>")
  return empty(l:text) ? [] : [[s:menu, l:text[0]]]
endfunction

function! s:fix_all(first) abort
  return s:Typing(a:first, ":ALEFix\<CR>")
endfunction

function! s:type(first, line) abort
  return s:Typing(a:first, 'Go' . a:line . "\<Esc>")
endfunction

function! s:undo(first) abort
  return s:Typing(a:first, 'u')
endfunction

function! s:save(first) abort
  if a:first
    call feedkeys(":write\<CR>", 't')
    return []
  endif
  return &modified ? [] : s:Saved()
endfunction

function! s:save_fixing(first) abort
  return empty(s:Typing(a:first, ":write\<CR>")) || &modified ? [] : s:Saved()
endfunction

function! s:Saved() abort
  call writefile(readfile(expand('%'), 'b'), s:case . 'saved-' . s:number, 'b')
  return [s:Text()]
endfunction

function! s:stop(first) abort
  if a:first
    call feedkeys(":ALEStopAllLSPs\<CR>", 't')
  endif
  return empty(filter(copy(job_info()), 'job_status(v:val) ==# "run"')) ? [v:true] : []
endfunction

let s:steps = json_decode(join(readfile(s:case . 'steps.json')))
let s:number = 0
let s:began = 0

function! s:Drive(timer) abort
  try
    let l:step = s:steps[s:number]
    let l:first = s:began == 0
    if l:first
      let s:began = localtime()
    endif
    let l:seen = call('s:' . l:step[0], [l:first] + l:step[1:])
    let l:late = localtime() - s:began > s:patience
    if empty(l:seen) && !l:late
      return
    endif
    call writefile([json_encode(get(l:seen, 0, s:Text()))], s:case . 'observed.jsonl', 'a')
    let s:number += 1
    let s:began = 0
    if s:number == len(s:steps)
      quitall!
    endif
  catch
    call writefile([v:throwpoint, v:exception], s:case . 'failure.txt')
    cquit!
  endtry
endfunction

call timer_start(s:pause, function('s:Drive'), {'repeat': -1})
