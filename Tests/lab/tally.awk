# Counts what `swift test` printed, for Swift Testing and XCTest alike. usage: awk -v status=EXIT_STATUS -f tally.awk LOG
# Prints the names of skipped and failed tests, then `N passed, N failed, N skipped`; fails when a test did or none ran.
# A test's own output may share a line with a mark, so that marks are looked for anywhere.

function name_of(line, tail) {
  sub(/^.*(✔|✘|━|➜|◇) Test /, "", line)
  sub(tail, "", line)
  sub(/ with [0-9]+ test cases?$/, "", line)
  return line
}

/(✔|✘|━|➜|◇) Test case / { next } # one argument of a test: the test itself is counted
/(✔|✘|━) Test run with / { finished = 1; next }
/◇ Test run started/ { begun = 1; finished = 0; next }

/◇ Test .* started\.$/ { open[name_of($0, " started\\.$")]++; next }
/(✔|✘|━) Test .* (passed|failed) after [0-9.]+ seconds/ {
  name = name_of($0, " (passed|failed) after [0-9.]+ seconds.*$")
  open[name]--
  if ($0 ~ / failed after [0-9.]+ seconds/) { failed++; failures = failures "\n  " name } else passed++
  next
}
/➜ Test .* was cancelled after/ { open[name_of($0, " was cancelled after.*$")]-- }
/➜ Test .*( skipped[.:]| was cancelled after)/ { skipped++; skips = skips "\n  " name_of($0, "$^"); next }

/^Test Case '.*' (passed|failed|skipped) \(/ {
  split($0, part, "'")
  if ($0 ~ /' passed \(/) passed++
  else if ($0 ~ /' failed \(/) { failed++; failures = failures "\n  " part[2] }
  else { skipped++; skips = skips "\n  " part[2] }
}

END {
  # A test that brought the whole run down has begun and never ended.
  if (begun && !finished) for (name in open) if (open[name] > 0) { failed++; failures = failures "\n  " name " (did not end)" }
  if (status != 0 && !failed) { failed++; failures = failures "\n  the run as a whole: status " status }
  if (skips != "") print "skipped:" skips
  if (failures != "") print "failed:" failures
  if (passed + failed == 0) print "no test ran"
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit (failed > 0 || passed == 0) ? 1 : 0
}
