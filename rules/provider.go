package rules

import (
	"fmt"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// provider tells CEL what records there are and which fields they have.
type provider struct {
	types.Provider
	records map[string]*shape
	// missing holds the record in which a field was looked for in vain, by the field's name. CEL reports that without the
	// record. It is nil but while types are checked.
	missing map[string]*shape
}

func (p *provider) FindIdent(name string) (ref.Val, bool) {
	if s := p.records[name]; s != nil {
		return s.cel, true
	}
	return p.Provider.FindIdent(name)
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if s := p.records[name]; s != nil {
		return types.NewTypeTypeWithParam(s.cel), true
	}
	return p.Provider.FindStructType(name)
}

func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	s := p.records[name]
	if s == nil {
		return p.Provider.FindStructFieldNames(name)
	}
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.Name
	}
	return names, true
}

func (p *provider) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	s := p.records[name]
	if s == nil {
		return p.Provider.FindStructFieldType(name, fieldName)
	}
	f := s.byName[fieldName]
	if f == nil {
		if p.missing != nil {
			p.missing[fieldName] = s
		}
		return nil, false
	}
	return &types.FieldType{
		Type: f.cel,
		GetFrom: func(of any) (any, error) {
			r, ok := of.(*record)
			if !ok || r.shape != s {
				return nil, fmt.Errorf("null has no field %s", fieldName)
			}
			return r.get(f)
		},
		IsSet: func(of any) bool {
			r, ok := of.(*record)
			if !ok || r.shape != s {
				return false
			}
			v, err := r.get(f)
			return err == nil && v != types.NullValue
		},
	}, true
}

func (p *provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("a rule cannot make a %s", name)
}
