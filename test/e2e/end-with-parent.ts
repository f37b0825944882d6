// Loaded before a program that a test starts: whoever kills the test run does not leave the program behind.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Listening alone must not keep a program alive that has ended.
process.channel?.unref()
