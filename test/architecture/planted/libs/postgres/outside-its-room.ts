// breaks: room-postgres
export { clean } from '#event/clean';
