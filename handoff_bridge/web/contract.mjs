// Writes the pages' types from the bridge's models: a JSON Schema comes in, TypeScript goes out.

import { text } from "node:stream/consumers";
import { compile } from "json-schema-to-typescript";

const schema = JSON.parse(await text(process.stdin));
const types = await compile(schema, "Contract", {
  additionalProperties: false,
  bannerComment: "/** Made of the bridge's models by contract.mjs: change those, not this. */",
  format: false,
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true,
});
process.stdout.write(types);
