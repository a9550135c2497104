// breaks: app-gateway
export { clean } from '../actuator/clean';
