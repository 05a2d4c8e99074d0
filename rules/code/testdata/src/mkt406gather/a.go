// Package mkt406gather fills models that are stored elsewhere.
package mkt406gather

import "gorm.io/gorm"

type grant struct {
	gorm.Model
	AccessToken  string
	RefreshToken string
	ApiToken     string
}

type client struct {
	gorm.Model
	AccessToken string
}

func byCode(accessToken, refreshToken string) *grant {
	return &grant{
		AccessToken:  accessToken,  // want `^R MKT406: accessToken is stored unencrypted in grant.AccessToken; encrypt it, or keep only its hash; likewise at 2 more of this package$`
		RefreshToken: refreshToken, // want `^R MKT406: refreshToken is stored unencrypted in grant.RefreshToken; encrypt it, or keep only its hash; likewise at 1 more of this package$`
	}
}

func byRefresh(accessToken, refreshToken string) *grant {
	return &grant{AccessToken: accessToken, RefreshToken: refreshToken} // ok: told once for each field
}

func byDevice(newAccessToken string) *grant {
	g := &grant{}
	g.AccessToken = newAccessToken // ok: told once for each field
	return g
}

func other(accessToken string) *client {
	return &client{AccessToken: accessToken} // want `^R MKT406: accessToken is stored unencrypted in client.AccessToken; encrypt it, or keep only its hash$`
}

func certain(db *gorm.DB, accessToken string) {
	db.Create(&grant{AccessToken: accessToken}) // want `^V MKT406: accessToken is stored unencrypted in grant.AccessToken`
}

var makeToken func() (string, string)

func generateApiToken() (publicForm, privateForm string) { return makeToken() }

func pair() (*grant, string) {
	tokenPublic, tokenPrivate := generateApiToken()
	return &grant{ApiToken: tokenPublic}, tokenPrivate // ok: of the pair, the half that may be known
}
