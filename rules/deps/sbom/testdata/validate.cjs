// Validates the CycloneDX document on standard input with the strict JSON
// validator of the package in the folder that is the first argument.
const path = require('node:path')
const CDX = require(path.join(process.argv[2], 'node_modules', '@cyclonedx', 'cyclonedx-library'))
const text = require('node:fs').readFileSync(0, 'utf8')
new CDX.Validation.JsonStrictValidator(CDX.Spec.Version.v1dot6).validate(text).then(
  found => { if (found !== null) { console.error(JSON.stringify(found, null, 1).slice(0, 4000)); process.exitCode = 1 } },
  failed => { console.error(String(failed)); process.exitCode = 2 },
)
