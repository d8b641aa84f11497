// Shows that the rules of lint/ruleset.yaml find what they are for. Each file beside this one is a change (a merge
// patch, RFC 7396) to good.yaml and names what it trips; scripts/lint-contract.sh installs what is needed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const tools = join(root, '.tools/lint');
const { parse, stringify } = createRequire(join(tools, 'package.json'))('yaml');
const ruleset = parse(readFileSync(join(root, 'lint/ruleset.yaml'), 'utf8'));

mkdirSync(join(root, 'target'), { recursive: true });
const folder = mkdtempSync(join(root, 'target/lint-'));
after(() => rmSync(folder, { recursive: true }));

const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

function merge(target, change) {
  if (!isMap(change)) return change;
  const merged = isMap(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete merged[name];
    else merged[name] = merge(merged[name], value);
  }
  return merged;
}

/** What Spectral says of the files, by the rules of that file. */
function findings(rules, files) {
  const { status, stdout, stderr } = spawnSync(
    join(tools, 'node_modules/.bin/spectral'),
    ['lint', '--ruleset', rules, '--format', 'json', '--quiet', '--fail-severity', 'hint', files],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  // 1 says that there are findings.
  assert.ok(status === 0 || status === 1, stderr);
  return JSON.parse(stdout);
}

const good = parse(readFileSync(join(here, 'good.yaml'), 'utf8'));
const cases = readdirSync(here)
  .filter((name) => name.endsWith('.yaml') && name !== 'good.yaml')
  .map((name) => {
    const { trips, change } = parse(readFileSync(join(here, name), 'utf8'));
    return { name, trips: [trips].flat().sort(), change };
  });
writeFileSync(join(folder, 'good.yaml'), stringify(good));
for (const { name, change } of cases) {
  writeFileSync(join(folder, name), stringify(merge(good, change), { aliasDuplicateObjects: false }));
}
// All at once: most of the time goes into starting Spectral.
const tripped = new Map();
for (const { source, code } of findings(join(root, 'lint/ruleset.yaml'), join(folder, '*.yaml'))) {
  const name = basename(source);
  tripped.set(name, (tripped.get(name) ?? new Set()).add(code));
}

const trippedBy = (name) => [...(tripped.get(name) ?? [])].sort();

test('a contract without a fault trips no rule', () => {
  assert.deepEqual(trippedBy('good.yaml'), []);
});

for (const { name, trips } of cases) {
  test(`${basename(name, '.yaml')} trips ${trips.join(' and ')}, and nothing else`, () => {
    assert.deepEqual(trippedBy(name), trips);
  });
}

test('every rule of our own is tripped by something', () => {
  const own = Object.keys(ruleset.rules).filter((name) => isMap(ruleset.rules[name]));
  const shown = new Set(cases.flatMap(({ trips }) => trips));
  assert.ok(own.length > 0);
  assert.deepEqual(own.filter((name) => !shown.has(name)), []);
});

test('every exception is still needed', () => {
  const { overrides, ...rest } = ruleset;
  // Beside the ruleset, where its functions are found.
  const bare = join(root, `lint/bare-${process.pid}.yaml`);
  writeFileSync(bare, stringify(rest));
  let found;
  try {
    found = findings(bare, join(root, 'openapi.yaml'));
  } finally {
    rmSync(bare);
  }
  const places = found.map(({ code, path }) => {
    const pointer = path.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')));
    return `${code} ${pointer.join('/')}/`;
  });
  for (const { files, rules } of overrides) {
    for (const file of files) {
      const pointer = file
        .slice(file.indexOf('#/') + 2)
        .split('/')
        .map((part) => encodeURIComponent(decodeURIComponent(part)))
        .join('/');
      for (const rule of Object.keys(rules)) {
        assert.ok(places.some((place) => place.startsWith(`${rule} ${pointer}/`)), `nothing at ${file} trips ${rule}`);
      }
    }
  }
});
