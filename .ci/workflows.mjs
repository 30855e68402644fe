// node .ci/workflows.mjs FILE...: are GitHub's workflows as GitHub understands them?
//
// GitHub's own parser says so, the one behind its editors: structure, expressions, what jobs need of each
// other. It is not told of repositories on the network, so what an action takes is not checked.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// It imports JSON the way bundlers take it; Node wants to be told that it is JSON.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { validate } = await import("@actions/languageservice");
const { TextDocument } = await import("vscode-languageserver-textdocument");

let found = 0;
for (const file of process.argv.slice(2)) {
  const text = TextDocument.create(pathToFileURL(file).href, "yaml", 0, readFileSync(file, "utf8"));
  for (const { range, message } of await validate(text, {})) {
    console.error(`${file}:${range.start.line + 1}:${range.start.character + 1}: ${message}`);
    found += 1;
  }
}
process.exitCode = found ? 1 : 0;
