// Reads lines {"name": "result METHOD", "value": ...}; writes one line per input: a list of what
// is wrong with it. The validator is made from messages.ts and kept beside it.
import fs from "node:fs";
import readline from "node:readline";
import Ajv from "ajv";

const kept = "schema.json";
if (!fs.existsSync(kept)) {
  const config = { compilerOptions: { module: "node16", moduleResolution: "node16", strict: true } };
  fs.writeFileSync("tsconfig.json", JSON.stringify({ ...config, files: ["messages.ts"] }));
  const { createGenerator } = await import("ts-json-schema-generator");
  const generator = createGenerator({
    path: "messages.ts",
    tsconfig: "tsconfig.json",
    type: "Messages",
    additionalProperties: false,
    skipTypeCheck: true,
    strictTuples: true,
  });
  fs.writeFileSync(kept, JSON.stringify(generator.createSchema("Messages")));
}
const schema = JSON.parse(fs.readFileSync(kept, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
const messages = schema.definitions.Messages.properties;
const compiled = new Map();

function judge({ name, value }) {
  if (!(name in messages)) return [`no type for ${name}`];
  if (!compiled.has(name)) {
    compiled.set(name, ajv.compile({ ...messages[name], definitions: schema.definitions }));
  }
  const validate = compiled.get(name);
  if (validate(value)) return [];
  return validate.errors.slice(0, 5).map((e) => `${name}${e.instancePath}: ${e.message}`);
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(judge(JSON.parse(line))));
}
