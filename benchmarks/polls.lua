-- One line at the end that a program can read: requests, microseconds, wrong answers, p50 and p99 in microseconds.
done = function(summary, latency, requests)
  local errors = summary.errors
  local wrong = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, wrong,
                         latency:percentile(50), latency:percentile(99)))
end
