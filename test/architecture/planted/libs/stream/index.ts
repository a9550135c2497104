// breaks: makewhole/layout
export { clean } from './clean';
