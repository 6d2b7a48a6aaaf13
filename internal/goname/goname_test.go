package goname_test

import (
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

func TestExported(t *testing.T) {
	for name, want := range map[string]string{
		"user_id":      "UserID",
		"userId":       "UserID",
		"UserID":       "UserID",
		"userIDs":      "UserIDs",
		"user_ids":     "UserIDs",
		"URLs":         "URLs",
		"http_url":     "HTTPURL",
		"HTTPServer":   "HTTPServer",
		"OrderCreated": "OrderCreated",
		"CREDIT_CARD":  "CreditCard",
		"EUR":          "Eur",
		"SMS":          "SMS",
		"sku":          "SKU",
		"uuid4":        "UUID4",
		"sha256":       "Sha256",
		"v1_2":         "V1_2",
		"v12":          "V12",
		"x":            "X",
		"_":            "X",
		"__a__b__":     "AB",
		"_1st":         "X1st",
		"type":         "Type",
		"größe":        "Größe",
		"数量":           "X数量",
		"foo-bar.baz":  "FooBarBaz",
		"":             "X",
	} {
		if got := goname.Exported(name); got != want {
			t.Errorf("Exported(%q) = %s, want %s", name, got, want)
		}
	}
}

// Whatever a schema calls something, Go can call it that.
func FuzzExported(f *testing.F) {
	for _, seed := range []string{"user_id", "_", "数量", "1a", "a\x00b", "ǅ", "\xff", "ª", "İ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, id := range []string{goname.Exported(name), goname.Plain(name)} {
			if !token.IsIdentifier(id) || !token.IsExported(id) {
				t.Errorf("%q becomes %q", name, id)
			}
		}
		if again := goname.Exported(name); again != goname.Exported(name) {
			t.Errorf("%q becomes %q and then something else", name, again)
		}
	})
}

func TestFields(t *testing.T) {
	for _, c := range []struct{ names, want []string }{
		{[]string{"user_id", "userId"}, []string{"UserID", "UserId"}},
		{[]string{"user_id", "userId", "UserID", "userID"}, []string{"UserID", "UserId", "UserID2", "UserID3"}},
		{[]string{"append_avro", "Validate", "schema"}, []string{"Append_avro", "Validate2", "Schema"}},
		{[]string{"ReadAvro", "read_avro_fields"}, []string{"ReadAvro2", "Read_avro_fields"}},
		{[]string{"_", "__"}, []string{"X", "X__"}},
		{[]string{"a", "A", "A2", "a_"}, []string{"A", "A2", "A22", "A_"}},
		{[]string{"iban", "IBAN"}, []string{"IBAN", "IBAN2"}},
	} {
		if diff := cmp.Diff(c.want, goname.Fields(c.names)); diff != "" {
			t.Errorf("%q: -want +got\n%s", c.names, diff)
		}
	}
}

func TestPlacement(t *testing.T) {
	p := goname.Placement{
		Prefix: "github.com/acme/events/gen", Strip: "com.acme",
		Folders: map[string]string{"com.acme.old": "legacy/v1", "org.other": "", "org.own": "internal/own"},
	}
	for _, c := range []struct{ namespace, folder, name string }{
		{"", "", "gen"},
		{"com.acme", "", "gen"},
		{"com.acme.orders", "orders", "orders"},
		{"com.acmeorders", "com/acmeorders", "acmeorders"},
		{"com.acme.Order_Events", "order_events", "orderevents"},
		{"com.acme.orders.v2", "orders/v2", "ordersv2"},
		{"com.acme.old", "legacy/v1", "legacyv1"},
		{"org.other", "", "gen"},
		{"org.own", "internal/own", "own"},
		{"com.acme.internal.vendor", "internalpkg/vendorpkg", "vendorpkg"},
		{"com.acme.type", "type", "typepkg"},
		{"com.acme.main", "main", "mainpkg"},
		{"com.acme.init", "init", "initpkg"},
		{"com.acme._hidden", "hidden", "hidden"},
		{"com.acme.2024", "2024", "ns2024"},
		{"com.acme.größe", "gru00f6u00dfe", "gru00f6u00dfe"},
		{"com.acme.__", "", "gen"},
	} {
		folder := p.Folder(c.namespace)
		if name := p.PackageName(folder); folder != c.folder || name != c.name {
			t.Errorf("%s goes to %q as %s, want %q as %s", c.namespace, folder, name, c.folder, c.name)
		}
	}
	if got := p.ImportPath("orders"); got != "github.com/acme/events/gen/orders" {
		t.Error(got)
	}
	if got := p.SourceFolder("Some Folder/../x/"); got != "some_folder/x" {
		t.Error(got)
	}
}

func TestFileName(t *testing.T) {
	var s goname.Scope
	s.Reserve("doc.go")
	for _, c := range []struct{ typeName, want string }{
		{"OrderCreated", "order_created.go"},
		{"OrderCREATED", "order_created2.go"},
		{"HTTPServer", "http_server.go"},
		{"OrderTest", "order_test_avro.go"},
		{"LoginWindows", "login_windows_avro.go"},
		{"Linux", "linux.go"},
		{"DataAmd64", "data_amd64_avro.go"},
		{"Doc", "doc2.go"},
		{"X", "x.go"},
	} {
		if got := s.TakeFile(goname.FileName(c.typeName)); got != c.want {
			t.Errorf("%s is in %s, want %s", c.typeName, got, c.want)
		}
	}
}

func TestFormOf(t *testing.T) {
	for text, want := range map[string]struct {
		form   goname.Form
		branch int
	}{
		`["null","string"]`: {goname.Nullable, 1},
		`["string","null"]`: {goname.Nullable, 0},
		`["null","bytes"]`:  {goname.Nilable, 1},
		`["null",{"type":"bytes","logicalType":"decimal","precision":2}]`: {goname.Nullable, 1},
		`[{"type":"array","items":"int"},"null"]`:                         {goname.Nilable, 0},
		`["null",{"type":"map","values":"int"}]`:                          {goname.Nilable, 1},
		`["string"]`:                                                      {goname.Single, 0},
		`["null"]`:                                                        {goname.Single, 0},
		`["string","long"]`:                                               {goname.Sealed, 0},
		`["null","string","long"]`:                                        {goname.Sealed, 0},
		`[]`:                                                              {goname.Sealed, 0},
	} {
		s, err := avsc.Parse("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if form, branch := goname.FormOf(s.Root); form != want.form || branch != want.branch {
			t.Errorf("%s has form %d, branch %d", text, form, branch)
		}
	}
}

func TestLeaf(t *testing.T) {
	for text, want := range map[string]string{
		`"int"`:                               "int32",
		`"null"`:                              "codec.Null",
		`{"type":"int","logicalType":"date"}`: "time.Time",
		`{"type":"int","logicalType":"time-millis"}`:                                    "time.Duration",
		`{"type":"bytes","logicalType":"decimal","precision":9}`:                        "codec.Decimal",
		`{"type":"bytes","logicalType":"decimal","precision":20000,"scale":10001}`:      "[]byte",
		`{"type":"fixed","name":"F","size":16,"logicalType":"uuid"}`:                    "uuid.UUID",
		`{"type":"fixed","name":"F","size":12,"logicalType":"duration"}`:                "codec.Duration",
		`{"type":"fixed","name":"F","size":12}`:                                         "",
		`{"type":"string","logicalType":"made-up"}`:                                     "string",
		`{"type":"fixed","name":"F","size":3,"logicalType":"decimal","precision":1000}`: "",
	} {
		s, err := avsc.Parse("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := goname.Leaf(s.Root); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// A name that is added at the end leaves those before it as they were.
func FuzzAppendedName(f *testing.F) {
	f.Add("iban", "x", "IBAN")
	f.Add("user_id", "userId", "UserID")
	f.Add("a", "A2", "A")
	f.Fuzz(func(t *testing.T, a, b, added string) {
		before, after := goname.Fields([]string{a, b}), goname.Fields([]string{a, b, added})
		if diff := cmp.Diff(before, after[:2]); diff != "" {
			t.Errorf("%q behind %q and %q (-before +after):\n%s", added, a, b, diff)
		}
	})
}
