// breaks: room-kafka
export { clean } from '#postgres/clean';
