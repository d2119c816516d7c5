// Builds ../static/vendor: the libraries and the font, their licences, and the sums of all of them.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const out = '../static/vendor/';
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const common = { bundle: true, minify: true, format: 'iife', target: 'es2019', legalComments: 'none' };
await build({ ...common, entryPoints: ['echarts.js'], globalName: 'echarts', outfile: out + 'echarts.js' });
await build({ ...common, entryPoints: ['minisearch.js'], globalName: 'minisearch', outfile: out + 'minisearch.js' });

const font = 'node_modules/@fontsource-variable/newsreader/';
copyFileSync(font + 'files/newsreader-latin-opsz-normal.woff2', out + 'newsreader.woff2');

for (const [from, to] of [
  ['node_modules/echarts/LICENSE', 'echarts.LICENSE'],
  ['node_modules/echarts/NOTICE', 'echarts.NOTICE'],
  ['node_modules/echarts/licenses/LICENSE-d3', 'echarts-d3.LICENSE'],
  ['node_modules/zrender/LICENSE', 'zrender.LICENSE'],
  ['node_modules/tslib/LICENSE.txt', 'tslib.LICENSE'],
  ['node_modules/minisearch/LICENSE.txt', 'minisearch.LICENSE'],
  [font + 'LICENSE', 'newsreader.LICENSE'],
]) copyFileSync(from, out + to);

const sums = readdirSync(out).sort()
  .map((name) => createHash('sha256').update(readFileSync(out + name)).digest('hex') + '  ' + name + '\n');
writeFileSync(out + 'SHA256SUMS', sums.join(''));
console.log(sums.join(''));
