"""Personal data sealed per person, keys kept apart, openings granted by purpose.

```python
async with open_keystore(settings.keystore_url, settings.key_encryption_key) as keys:
    vault = Vault(keys, utc_now)
    email = await vault.seal(person_id, "ana@example.org", field="contact.email")
    grant = Grant(role="service", purpose=Purpose.SEND_LETTER)
    await vault.open(email, str, field="contact.email", grant=grant)
```
"""

from shared.crypto.addresses import AddressError, normalise_address
from shared.crypto.envelopes import EnvelopeError, SealedTypeError, UnknownKeyError
from shared.crypto.grants import Grant, Kind, Purpose
from shared.crypto.keys import (
    KeyEncryptionKey,
    KeyEncryptionKeyError,
    Label,
    PersonKey,
    UnwrapError,
)
from shared.crypto.keystore import (
    Erasure,
    KeyStore,
    KeyStorePlacementError,
    KeyStoreUrlError,
    SubjectErasedError,
    WrongKeyEncryptionKeyError,
)
from shared.crypto.opening import open_keystore
from shared.crypto.ring import KeyRing
from shared.crypto.vault import OnOpened, Opened, Vault

__all__ = [
    "AddressError",
    "EnvelopeError",
    "Erasure",
    "Grant",
    "KeyEncryptionKey",
    "KeyEncryptionKeyError",
    "KeyRing",
    "KeyStore",
    "KeyStorePlacementError",
    "KeyStoreUrlError",
    "Kind",
    "Label",
    "OnOpened",
    "Opened",
    "PersonKey",
    "Purpose",
    "SealedTypeError",
    "SubjectErasedError",
    "UnknownKeyError",
    "UnwrapError",
    "Vault",
    "WrongKeyEncryptionKeyError",
    "normalise_address",
    "open_keystore",
]
