package literals

const (
	tokenURL              = "https://auth.example.com/oauth/token" // want `G101 informational`
	refreshTokenProcedure = "/example.v1.Auth/RefreshToken"        // want `G101 informational`
	passwordHelp          = "Reset the password of a user"         // want `G101 informational`
	authTokenMiddleware   = "loadAuthToken"                        // want `G101 informational`
	tokenEnv              = "SERVICE_API_TOKEN"                    // want `G101 informational`
	apiToken              = "q8Zk2LtV9xWm4RbYc7Nd"                 // want `G101 as is`
	dbPassword            = "p4ssw0rd"                             // want `G101 as is`
	tokenEndpoint         = "https://app:hunter2@auth.example.com" // want `G101 as is`
)

type provider struct{ name, logo, tokenURL, clientSecret string }

var providers = []provider{
	{name: "Example 1", logo: "<svg width=\"12\"/>", tokenURL: "https://auth.example.com/token"},          // want `G101 informational`
	{name: "Example 2", tokenURL: "https://auth.example.com/token", clientSecret: "q8Zk2LtV9xWm4RbYc7Nd"}, // want `G101 as is`
}
