package draft

// workflowPath is where the workflow goes.
const workflowPath = ".github/workflows/staylisted.yml"

// Workflow returns the workflow that scans on every push, on pull requests and
// once a day: advisories, dates and settings change without a push.
func Workflow() File {
	return File{Path: workflowPath, Why: "scans on every push and once a day", Content: []byte(workflow)}
}

const workflow = `name: staylisted
on:
  push:
  pull_request:
  merge_group:
  schedule:
    - cron: "17 5 * * *" # dates and advisories change without a push
permissions:
  contents: read
jobs:
  scan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write # code scanning
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0 # the history shows when a dependency came in
          persist-credentials: false
      - uses: actions/setup-go@924ae3a1cded613372ab5595356fb5720e22ba16 # v6.5.0
        with:
          go-version: stable
      - run: |
          go run github.com/staylisted/staylisted/cmd/staylisted@latest scan \
            --sarif staylisted.sarif --report staylisted.json --format markdown >> "$GITHUB_STEP_SUMMARY"
        env:
          GITHUB_TOKEN: ${{ github.token }}
      - uses: github/codeql-action/upload-sarif@db488ddef3bf6cb639b32c2e9a7c0a7ea8271d28 # v4.37.8
        if: always() && hashFiles('staylisted.sarif') != ''
        with:
          sarif_file: staylisted.sarif
`
