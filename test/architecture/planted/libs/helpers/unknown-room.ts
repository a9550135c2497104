// breaks: known-room, makewhole/layout
export { clean } from '#kernel/clean';
