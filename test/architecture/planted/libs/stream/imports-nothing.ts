// breaks: resolves
export { missing } from '#stream/missing';
