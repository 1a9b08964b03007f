#!/usr/bin/env node
// Plain JavaScript, because a Node that is too old cannot even read the TypeScript behind it.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 7)) {
  const { main } = await import('../src/cli/main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  process.stderr.write(
    `Node ${process.versions.node} is too old: Osaamispassi needs 24.7 or newer, which "npm ci" brings along; run it through npm (npm start) or install that Node.\n`,
  )
  process.exitCode = 3
}
