// The types of `jitgate/pages`: imported for what it does. From then on `explain` gives the rules' pages wherever
// the package runs; in Node it does so anyway.

export {}
