-- Drives Neovim, 0.7 and newer, through the steps of a test, by the functions a user's keys are
-- mapped to. What differs between its versions is in this file; what is right is in the tests.

local CASE = "/mnt/case/"
local PATIENCE = 60000

local function settled(ready, patience)
  return vim.wait(patience or PATIENCE, ready, 20)
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n") .. "\n"
end

-- A user's next key ends what one undo takes back; a script's next line does not.
local function new_undo_block()
  vim.cmd("let &g:undolevels = &g:undolevels")
end

local function is_old()
  return vim.version().major == 0 and vim.version().minor < 8
end

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function place(word)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
    local column = line:find(word, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { number, column - 1 })
      return
    end
  end
  error("no such word: " .. word)
end

-- Makes one change, and gives the menu that was shown and the text that came of the first choice.
local function choosing(act)
  local menu, before = {}, text()
  vim.ui.select = function(items, options, done)
    menu = vim.tbl_map(options.format_item, items)
    done(items[1], 1)
  end
  for _ = 1, 3 do -- as a user would, if the server did not answer in time
    act()
    if settled(function()
      return text() ~= before
    end, PATIENCE / 3) then
      break
    end
  end
  new_undo_block()
  return { menu, text() }
end

local do_ = {}

function do_.shown(count)
  settled(function()
    return #vim.diagnostic.get(0) == count
  end)
  local found = vim.diagnostic.get(0)
  table.sort(found, function(one, other)
    return one.lnum < other.lnum
  end)
  return vim.tbl_map(function(one)
    local covered = vim.api.nvim_buf_get_text(0, one.lnum, one.col, one.end_lnum, one.end_col, {})
    local code = one.code or one.user_data.lsp.code
    return { one.lnum, table.concat(covered, "\n"), code, one.severity }
  end, found)
end

function do_.quick_fix(word)
  place(word)
  return choosing(function()
    vim.lsp.buf.code_action()
  end)
end

function do_.fix_all()
  local context = { only = { "source.fixAll" }, diagnostics = {} }
  local options = is_old() and context or { context = context, apply = true }
  return choosing(function()
    vim.lsp.buf.code_action(options)
  end)[2]
end

function do_.type(line)
  local keys = "Go" .. line .. vim.api.nvim_replace_termcodes("<Esc>", true, true, true)
  vim.api.nvim_feedkeys(keys, "xt", false)
  new_undo_block()
  return text()
end

function do_.undo()
  vim.api.nvim_feedkeys("u", "xt", false)
  return text()
end

function do_.save(_, number)
  vim.cmd("silent write")
  local bytes = vim.fn.readfile(vim.api.nvim_buf_get_name(0), "b")
  vim.fn.writefile(bytes, CASE .. "saved-" .. number, "b")
  return text()
end

-- Saving does not wait long for the server: where it came too late, a user saves again.
function do_.save_fixing(_, number)
  local before = text()
  settled(function()
    vim.cmd("silent write")
    return text() ~= before
  end)
  return do_.save(_, number)
end

function do_.stop()
  vim.lsp.stop_client(clients())
  return settled(function()
    return #clients() == 0
  end)
end

local function main()
  local steps = vim.fn.json_decode(vim.fn.readfile(CASE .. "steps.json"))
  for number, step in ipairs(steps) do
    local seen = do_[step[1]](step[2], number - 1)
    vim.fn.writefile({ vim.fn.json_encode(seen) }, CASE .. "observed.jsonl", "a")
  end
end

local well, problem = xpcall(main, debug.traceback)
if not well then
  vim.fn.writefile(vim.split(problem, "\n"), CASE .. "failure.txt")
end
vim.cmd(well and "qall!" or "cquit 1")
