// breaks: nest-at-the-edge
import { Injectable } from '@nestjs/common';

@Injectable()
export class Store {}
