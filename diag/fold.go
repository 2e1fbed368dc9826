package diag

// fold joins findings of one code on one resource where by tells both as one, before causes and effects are joined, so
// that two that have one fault in common are one cause. The first stays where it stands.
func (r *Report) fold(by func(f, more Finding) (Finding, bool)) {
	if by == nil {
		return
	}
	at := map[Ref]int{}
	var out []Finding
	for _, f := range r.Findings {
		key := Ref{f.Code, f.Resource.key()}
		i, known := at[key]
		if known && !f.Change {
			if both, ok := by(out[i], f); ok {
				out[i] = both
				continue
			}
		}
		at[key] = len(out)
		out = append(out, f)
	}
	r.Findings = out
}
