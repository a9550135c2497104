#!/usr/bin/env node
/** Starts the command line: the build when there is one, the sources of a checkout otherwise. */
const { existsSync } = require('node:fs');
const { constants } = require('node:os');
const { join } = require('node:path');
const { spawn } = require('node:child_process');

const root = join(__dirname, '..', '..');
const built = join(root, 'dist', 'apps', 'makewhole', 'main.js');
if (existsSync(built)) require(built);
else startSources();

/** The condition that resolves imports to sources can only be given to a new process; signals and the exit code pass through. */
function startSources() {
  const args = [
    '--conditions=makewhole-src',
    '-r',
    require.resolve('@swc-node/register'),
    join(root, 'apps', 'makewhole', 'main.ts'),
  ];
  const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, SWC_NODE_PROJECT: join(root, 'tsconfig.json') },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`makewhole could not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 1);
  });
}
