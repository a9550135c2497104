#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { spawnSync } = require('node:child_process');

const root = join(__dirname, '..', '..');
const built = join(root, 'dist', 'apps', 'makewhole', 'main.js');
if (existsSync(built)) require(built);
else {
  const args = ['--conditions=makewhole-src', '-r', '@swc-node/register', join(root, 'apps', 'makewhole', 'main.ts'), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}
