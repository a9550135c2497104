// breaks: room-case
export { clean } from '#action/clean';
