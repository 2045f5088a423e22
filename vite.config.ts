import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

/** Asked by the page's own name, by which the server tells its own pages from others: no `changeOrigin`. */
const server = { target: `http://127.0.0.1:${process.env.PORT ?? '4000'}`, changeOrigin: false };
const compressible = /\.(?:js|css|html|svg|json)$/;

export default defineConfig({
  root: 'client',
  plugins: [react(), keepBoard(), precompress()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: 'client/index.html', worker: 'client/worker/worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { ...server, ws: true },
      '/session': server,
      '/imports': server,
      '/totals.json': server,
    },
  },
});

/**
 * Names the build by its contents, in `build.txt` and in the page, and tells the service worker which files make up
 * the board.
 */
function keepBoard(): Plugin {
  return {
    name: 'keep-board',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const page = join(dir, 'index.html');
      const worker = bundle['worker.js'];
      if (worker?.type !== 'chunk' || worker.imports.length > 0)
        throw new Error('worker.js has to be one file: let client/worker import only its own.');
      const html = await readFile(page, 'utf8');
      const hash = createHash('sha256').update(html).update(worker.code);
      for (const name of Object.keys(bundle).sort()) hash.update(name);
      const build = hash.digest('hex').slice(0, 16);
      const files = filesOfBoard(bundle).map((name) => `/${name}`);
      await Promise.all([
        writeFile(join(dir, 'build.txt'), `${build}\n`),
        writeFile(page, html.replace('</head>', `  <meta name="build" content="${build}" />\n  </head>`)),
        writeFile(join(dir, 'worker.js'), `const KEPT=${JSON.stringify({ build, files })};\n${worker.code}`),
      ]);
    },
  };
}

/** What a browser loads for `/board`: the page's script, the board's, all that they import, styles and fonts. */
function filesOfBoard(bundle: Rolldown.OutputBundle): string[] {
  const found = new Set(Object.keys(bundle).filter((name) => name.endsWith('.woff2')));
  const add = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || found.has(name)) return;
    found.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
    for (const imported of chunk.imports) add(imported);
  };
  const begins = ['client/index.html', 'client/screens/board/board.tsx'];
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk') continue;
    if (begins.some((end) => chunk.facadeModuleId?.endsWith(end))) add(chunk.fileName);
  }
  if (found.size < begins.length + 1) throw new Error('the files of the board were not found in the build.');
  return [...found].sort();
}

/** Puts a `.br` and a `.gz` beside every text file of the build, so that the server never compresses while serving. */
function precompress(): Plugin {
  const brotli = promisify(brotliCompress);
  const deflated = promisify(gzip);
  let folder = '';
  return {
    name: 'precompress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && compressible.test(entry.name));
      await Promise.all(
        files.map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          const bytes = await readFile(path);
          await Promise.all([
            writeFile(`${path}.br`, await brotli(bytes)),
            writeFile(`${path}.gz`, await deflated(bytes, { level: 9 })),
          ]);
        }),
      );
    },
  };
}
