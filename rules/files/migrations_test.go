package files

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/staylisted/staylisted/rules"
)

func TestMigrations(t *testing.T) {
	for src, want := range map[string]string{
		"CREATE TABLE a (id int, api_token text NOT NULL);":                                                                "a.api_token",
		"create table if not exists public.\"A\" (\"password\" VARCHAR(255) DEFAULT '');":                                  "a.password",
		"CREATE TABLE `a` (`id` int, `token` varchar(191) COLLATE utf8 NOT NULL, KEY `k` (`token`)) ENGINE=InnoDB;":        "a.token",
		"CREATE TABLE [dbo].[a] ([secret] NVARCHAR(MAX))":                                                                  "a.secret",
		"ALTER TABLE a ADD COLUMN IF NOT EXISTS token text, ADD x int;":                                                    "a.token",
		"ALTER TABLE a ADD (token text, y int);":                                                                           "a.token",
		"ALTER TABLE a CHANGE x token varchar(99);":                                                                        "a.token",
		"CREATE TABLE a (x text); ALTER TABLE a RENAME COLUMN x TO token;":                                                 "a.token",
		"CREATE TABLE a (token character varying(255));":                                                                   "a.token",
		"CREATE TABLE a_new (token text); DROP TABLE a; ALTER TABLE a_new RENAME TO a;":                                    "a.token",
		"CREATE TABLE {{ .Schema }}.a (token text);":                                                                       "a.token",
		"CREATE FUNCTION f() RETURNS void AS $$ CREATE TABLE b (token text); $$ LANGUAGE sql; CREATE TABLE a (token text)": "a.token",
		"-- the bearer of a session\nCREATE TABLE a (\n id int, -- number\n token text -- given out once\n)":               "a.token",

		"CREATE TABLE a (token_hash text)":                                                    "",
		"CREATE TABLE a (token bytea)":                                                        "",
		"CREATE TABLE a (password char(60))":                                                  "",
		"CREATE TABLE a (token varchar(64))":                                                  "",
		"CREATE TABLE token_hashes (token text)":                                              "",
		"CREATE TABLE a (\n  password text NOT NULL -- argon2id\n)":                           "",
		"CREATE TABLE a (\n  -- bcrypt of it\n  password text NOT NULL\n)":                    "",
		"CREATE TABLE a (password text COMMENT 'bcrypt hash')":                                "",
		"CREATE TABLE a (password text); COMMENT ON COLUMN a.password IS 'SHA-256 digest'":    "",
		"CREATE TABLE a (csrf_token text)":                                                    "",
		"CREATE TABLE a (token int, name text, token_count text)":                             "",
		"CREATE TABLE a (token text); ALTER TABLE a DROP COLUMN token":                        "",
		"CREATE TABLE a (token text); DROP TABLE IF EXISTS a":                                 "",
		"CREATE TABLE a (token text); ALTER TABLE a RENAME token TO token_hash":               "",
		"CREATE TABLE a (token text); ALTER TABLE a ALTER COLUMN token TYPE bytea":            "",
		"CREATE TABLE a (x int, CONSTRAINT token CHECK (x > 0), PRIMARY KEY (x))":             "",
		"INSERT INTO a (token) VALUES ('CREATE TABLE b (token text)')":                        "",
		"-- CREATE TABLE a (token text)\n/* CREATE TABLE a (token text) */":                   "",
		"-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nCREATE TABLE a (token text);": "",
		"SELECT token FROM a": "",
	} {
		g := scanArchive(t, "-- migrations/1.sql --\n"+src+"\n")
		if got := columnsOf(g); got != want {
			t.Errorf("%s\ngives %q, want %q", src, got, want)
		}
		if run := runOf(t, g, migrationsVerifier); run.State != rules.Complete {
			t.Errorf("%s: %s", src, run.Reason)
		}
	}
	for archive, want := range map[string]string{
		"-- m/10_b.sql --\nALTER TABLE a DROP COLUMN token;\n-- m/2_a.sql --\nCREATE TABLE a (token text);\n":                          "",
		"-- m/1.up.sql --\nCREATE TABLE a (x int);\n-- m/1.down.sql --\nALTER TABLE a ADD token text;\n":                               "",
		"-- m/V1__a.sql --\nCREATE TABLE a (x int);\n-- m/U1__a.sql --\nALTER TABLE a ADD token text;\n":                               "",
		"-- pg/1.sql --\nCREATE TABLE a (token text);\n-- mysql/1.sql --\nCREATE TABLE a (token text);\n":                              "a.token",
		"-- testdata/1.sql --\nCREATE TABLE a (token text);\n":                                                                         "",
		"-- prisma/schema.prisma --\nmodel User {\n  id Int @id\n  password String?\n  tokenHash String\n  x Int\n}\n":                 "user.password",
		"-- prisma/schema.prisma --\nmodel User {\n  // bcrypt\n  password String\n  token String @db.Char(64)\n}\nenum E { token }\n": "",
	} {
		if got := columnsOf(scanArchive(t, archive)); got != want {
			t.Errorf("%s\ngives %q, want %q", archive, got, want)
		}
	}
}

// columnsOf shows the columns that findings name.
func columnsOf(g rules.Gathered) string {
	var out []string
	for _, f := range g.Findings {
		if f.Rule != migrationsVerifier {
			continue
		}
		var column, table string
		if _, err := fmt.Sscanf(f.Message, "column %s of table %s", &column, &table); err == nil {
			out = append(out, table+"."+column)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestMigrationPlace(t *testing.T) {
	g := scanArchive(t, "-- m/1.sql --\nCREATE TABLE a (\n  id int,\n  \"token\" text\n);\n")
	if len(g.Findings) != 1 || g.Findings[0].Location.Line != 3 || g.Findings[0].Location.Column != 3 || g.Findings[0].Control != "no-plaintext-secrets-storage" || g.Findings[0].Class != rules.Review {
		t.Errorf("%+v", g.Findings)
	}
}

func TestRowSecurity(t *testing.T) {
	const table = "-- m/1.sql --\nCREATE TABLE a (tenant int);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;\n"
	if seen, _ := proofOf(scanArchive(t, table+"CREATE POLICY p ON a USING (tenant = 1);\n"), migrationsVerifier, "tenant-isolation"); !strings.Contains(seen, "m/1.sql:2") {
		t.Errorf("seen %q", seen)
	}
	if seen, _ := proofOf(scanArchive(t, table), migrationsVerifier, "tenant-isolation"); seen != "" {
		t.Errorf("without a policy: %q", seen)
	}
}

func TestMigrationsWithoutNames(t *testing.T) {
	g := structured(t.Context(), treeOf(""), Options{Now: now})
	if run := runOf(t, g, migrationsVerifier); run.State != rules.NotRun || run.Reason == "" {
		t.Errorf("%+v", run)
	}
}

func FuzzSQL(f *testing.F) {
	f.Add("CREATE TABLE a (token text, KEY k (token)); ALTER TABLE a RENAME token TO b, RENAME TO c; COMMENT ON COLUMN a.b IS 'x'")
	f.Add("-- c\nALTER TABLE x ADD (a text, b int)); /* $$ '")
	f.Add("create table `a` ([b] text -- x\n, \"c")
	f.Add("$a$ x $a$ alter table {{ x }}.y alter column z set data type bytea")
	f.Fuzz(func(t *testing.T, src string) {
		s := newSchema()
		s.read("a.sql", src)
		s.readPrisma("a.prisma", src)
		lines := strings.Count(src, "\n") + 1
		for _, found := range s.findings(func(string) bool { return true }) {
			if found.Location.Line < 1 || found.Location.Line > lines || printable(found.Message) != found.Message {
				t.Errorf("%+v", found)
			}
		}
	})
}
