"""The films on FastAPI, as its documentation does it: the check is a dependency, the answer is serialised each time."""

import json
import os
from pathlib import Path
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from redis.asyncio import Redis

FILMS = json.loads(Path(os.environ["PEER_FILMS"]).read_bytes())
SECRET = os.environ["PEER_SECRET"]
ISSUER = os.environ["PEER_ISSUER"]
redis = Redis.from_url(os.environ["PEER_REDIS_URL"]) if "PEER_REDIS_URL" in os.environ else None

app = FastAPI()
bearer = HTTPBearer()


async def caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict:
    try:
        claims = jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"], issuer=ISSUER)
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    if redis is not None and await redis.exists(f"revoked:{claims['jti']}"):
        raise HTTPException(401)
    return claims


@app.get("/films/v1/")
async def films(caller: Annotated[dict, Depends(caller)]):
    return FILMS
