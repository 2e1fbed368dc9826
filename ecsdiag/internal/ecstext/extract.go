package ecstext

func extract(text string) Fields { return Fields{} }
