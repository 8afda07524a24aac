"""The variables of the environment that say which engine is asked: where it is, its model, the key."""

BASE_URL, MODEL, KEY = "AGGREGATOR_LLM_BASE_URL", "AGGREGATOR_LLM_MODEL", "AGGREGATOR_LLM_KEY"
