-- Sends one request over and over, each with a number of its own in place of {unique}, and tells the result as JSON.

local ask = dofile(os.getenv("REALMDESK_REQUEST"))
local threads = 0

function setup(thread)
  thread:set("thread_number", threads)
  threads = threads + 1
end

local sent = 0
local constant

function init(args)
  if not string.find(ask.path .. ask.body, "{unique}", 1, true) then
    constant = wrk.format(ask.method, ask.path, ask.headers, body())
  end
end

-- wrk sends a length with an empty body; a GET has none.
function body(unique)
  if ask.body == "" and ask.method == "GET" then return nil end
  return unique and string.gsub(ask.body, "{unique}", unique) or ask.body
end

function request()
  if constant then return constant end
  sent = sent + 1
  local unique = string.format("%d.%d.%08d", ask.run, thread_number, sent)
  return wrk.format(ask.method, (string.gsub(ask.path, "{unique}", unique)), ask.headers, (body(unique)))
end

function done(summary, latency, requests)
  local errors = summary.errors
  print(string.format(
    'told {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
