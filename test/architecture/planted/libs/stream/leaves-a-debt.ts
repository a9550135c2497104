// breaks: no-warning-comments
// TODO mend this
export const broken = true;
