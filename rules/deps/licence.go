package deps

// NoAssertion is the SPDX word for a licence that is not known.
const NoAssertion = "NOASSERTION"
