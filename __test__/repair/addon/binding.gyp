{ "targets": [{ "target_name": "tiny", "sources": ["addon.cc"] }] }
