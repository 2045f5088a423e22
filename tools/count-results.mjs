/**
 * What the last line of `npm test` says, from vitest's results (undefined if it left none) and its exit code. A file
 * that could not be run holds no failed test, and an error outside any test belongs to none: each counts as one.
 */
export function countResults(results, exitCode) {
  if (!results) return { passed: 0, failed: 1, skipped: 0 };
  const brokenFiles = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = results.numFailedTests + brokenFiles.length;
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}
