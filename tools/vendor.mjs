// Rebuilds static/vendor/, tests/browser/vendor/ and miniframework/openapi/assets/ from exact npm versions:
// `node tools/vendor.mjs`, or only one of them: `node tools/vendor.mjs static/vendor`.
//
// A developer's tool: nothing here runs when the product is installed or started. Each library becomes one committed
// file; `lock.json` beside it names version, licence, npm integrity, sha256 and bytes. The same versions give the same
// bytes, and tests/test_vendor.py checks the hashes without node. To take a library, add an entry to LIBRARIES.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const ESBUILD = "0.28.2";

const LIT_ENTRY = `
export { LitElement, html, svg, nothing, noChange } from "lit";
export { Directive, directive, PartType } from "lit/directive.js";
export { guard } from "lit/directives/guard.js";
export { live } from "lit/directives/live.js";
export { repeat } from "lit/directives/repeat.js";
`;

const DIFF_ENTRY = `export { diffLines } from "diff";`;

const ICONS = [
  "activity", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "ban", "bug", "check", "chevron-right",
  "circle-alert", "circle-check", "circle-help", "circle-x", "clock", "copy", "corner-down-right", "diff", "eye-off",
  "flask-conical", "git-compare", "grip-vertical", "heart-pulse", "history", "info", "keyboard", "link", "list",
  "loader-circle", "lock", "minus", "monitor", "moon", "pause", "pencil", "play", "plug", "plus", "regex", "rotate-ccw",
  "route", "scissors", "search", "send", "sun", "terminal", "trash-2", "triangle-alert", "undo-2", "wifi-off", "x",
];

// Each entry: package, version, file (below `place`), licence file inside the package, and how the bytes are made.
const LIBRARIES = [
  { name: "lit", version: "3.3.3", place: "static/vendor", file: "lit.js", entry: LIT_ENTRY, licence: "LICENSE" },
  { name: "diff", version: "9.0.0", place: "static/vendor", file: "diff.js", entry: DIFF_ENTRY, licence: "LICENSE" },
  { name: "lucide-static", version: "1.62.0", place: "static/vendor", file: "icons.js", make: iconModule, licence: "LICENSE" },
  { name: "@fontsource-variable/inter", version: "5.3.0", place: "static/vendor", file: "inter.woff2",
    copy: "files/inter-latin-wght-normal.woff2", licence: "LICENSE" },
  { name: "@fontsource-variable/jetbrains-mono", version: "5.3.0", place: "static/vendor", file: "jetbrains-mono.woff2",
    copy: "files/jetbrains-mono-latin-wght-normal.woff2", licence: "LICENSE" },
  { name: "axe-core", version: "4.14.1", place: "tests/browser/vendor", file: "axe.min.js", copy: "axe.min.js",
    licence: "LICENSE" },
  { name: "swagger-ui-dist", version: "5.35.0", place: "miniframework/openapi/assets", file: "swagger-ui-bundle.js",
    copy: "swagger-ui-bundle.js", licence: "LICENSE" },
  { name: "swagger-ui-dist", version: "5.35.0", place: "miniframework/openapi/assets", file: "swagger-ui.css",
    copy: "swagger-ui.css", licence: "LICENSE" },
  { name: "redoc", version: "2.5.4", place: "miniframework/openapi/assets", file: "redoc.standalone.js",
    // Its logo is the one thing it would fetch from elsewhere; an empty picture takes its place.
    copy: "bundles/redoc.standalone.js", replace: ["https://cdn.redoc.ly/redoc/logo-mini.svg", "data:,"],
    licence: "LICENSE" },
];

const ONLY = process.argv[2];
const WANTED = LIBRARIES.filter((one) => !ONLY || one.place === ONLY);

/** One Lit template an icon, so that no icon needs another request or a `use` across documents. */
function iconModule(packageFolder) {
  const lines = ICONS.map((name) => {
    const text = readFileSync(join(packageFolder, "icons", `${name}.svg`), "utf8");
    const inner = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"));
    return `  ${JSON.stringify(name)}: svg\`${inner.replace(/\s+/g, " ").replace(/ \/>/g, "/>").trim()}\`,`;
  });
  return `// Icons of Lucide (ISC). Made by tools/vendor.mjs; do not edit.\nimport { svg } from "./lit.js";\n\n`
    + `export const ICONS = {\n${lines.join("\n")}\n};\n`;
}

function install(folder) {
  const dependencies = Object.fromEntries(WANTED.map((one) => [one.name, one.version]));
  dependencies.esbuild = ESBUILD;
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--silent"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")).packages;
}

async function bundle(folder, entry, target) {
  const esbuild = await import(pathToFileURL(join(folder, "node_modules/esbuild/lib/main.js")));
  await esbuild.build({
    stdin: { contents: entry, resolveDir: folder }, outfile: target, bundle: true, format: "esm", minify: true,
    target: "es2022", legalComments: "inline", conditions: ["production"], logLevel: "error",
  });
}

async function build(folder, library, packages) {
  const source = join(folder, "node_modules", library.name);
  const target = join(ROOT, library.place, library.file);
  mkdirSync(join(ROOT, library.place, "licences"), { recursive: true });
  if (library.entry) await bundle(folder, library.entry, target);
  else if (library.make) writeFileSync(target, library.make(source));
  else cpSync(join(source, library.copy), target);
  if (library.replace) writeFileSync(target, readFileSync(target, "utf8").replaceAll(...library.replace));
  const licenceFile = `licences/${library.file.split(".")[0]}.txt`;
  cpSync(join(source, library.licence), join(ROOT, library.place, licenceFile));
  const bytes = readFileSync(target);
  const { license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const { integrity } = packages[`node_modules/${library.name}`];
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { file: library.file, name: library.name, version: library.version, license, licence_file: licenceFile, integrity, sha256, bytes: bytes.length };
}

const folder = mkdtempSync(join(tmpdir(), "vendor-"));
try {
  const packages = install(folder);
  const locks = new Map();
  for (const library of WANTED) {
    const line = await build(folder, library, packages);
    locks.set(library.place, [...(locks.get(library.place) ?? []), line]);
    console.log(`${line.file.padEnd(24)} ${line.name}@${line.version} ${line.bytes} bytes`);
  }
  for (const [place, lines] of locks) writeFileSync(join(ROOT, place, "lock.json"), JSON.stringify(lines, null, 2) + "\n");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
