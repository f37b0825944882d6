import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Names the tests that passed only the second time, after everything else, so that nobody overlooks them: each is a
 * defect of the test or, rarely, of the program.
 */
export class SecondTime implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter(isSecondTime)
        .map((test) => `${module.relativeModuleId} > ${test.fullName}`),
    )
    if (names.length === 0) return
    process.stdout.write(`Passed only the second time, to be mended:\n${names.map((name) => `  ${name}\n`).join('')}`)
  }
}

function isSecondTime(test: TestCase): boolean {
  return test.diagnostic()?.flaky ?? false
}
