// Counts the tests of a TAP file as a strict parser reads it: `tap.js FOLDER_OF_THE_PARSER FILE`.
const fs = require("fs");
const { Parser } = require(`${process.argv[2]}/node_modules/tap-parser`);

const parser = new Parser({ strict: true }, (results) => {
  const { count, pass, fail, skip } = results;
  const faults = results.failures.filter((failure) => failure.tapError).map((failure) => failure.tapError);
  console.log(JSON.stringify({ count, pass, fail, skip, faults }));
});
parser.end(fs.readFileSync(process.argv[3], "utf8"));
