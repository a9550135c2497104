// breaks: room-kernel
export { clean } from '#event/clean';
