/* The Standard Transfer Specification, Edition 2, as a C library.
 *
 * Every function returns a status (0 is success) and never ends the process. A handle is a positive number; 0 is none.
 * Keys are held by handle: no function gives a key out. A handle may be used by several threads; releasing it while
 * another thread uses it is safe, the use completes.
 *
 * Text is UTF-8 with a terminating zero. Times are seconds since 1970-01-01T00:00:00Z.
 * A function that writes text takes the capacity of the buffer in bytes, the terminating zero included. */
#ifndef OPENSTS_H
#define OPENSTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Status of a call. The numbers never change; opensts_status_text names them in English. */
enum {
    OPENSTS_OK = 0,
    OPENSTS_ARGUMENT = 1,           /* a null pointer, a number out of range or text of a wrong form */
    OPENSTS_HANDLE = 2,             /* no such handle, or one of another kind */
    OPENSTS_BUFFER = 3,             /* the buffer is too small; nothing was written */
    OPENSTS_KEY = 4,                /* a key of a wrong length, or a 64-bit vending key without odd parity */
    OPENSTS_ALGORITHM = 5,          /* the algorithms do not go together, or are withdrawn */
    OPENSTS_KEY_EXPIRED = 6,
    OPENSTS_DDTK = 7,               /* credit under a default key (DDTKError) */
    OPENSTS_KEY_TYPE = 8,           /* a key of this type may not follow (KeyTypeError) */
    OPENSTS_DIFFERENT_METER = 9,    /* a key change between two meters or two algorithms */
    OPENSTS_CRC = 10,               /* the CRC does not hold: another key, or a wrong digit (CRCError) */
    OPENSTS_FUNCTION = 11,          /* a reserved class or subclass */
    OPENSTS_INTERNAL = 100          /* a fault of the library; please report it */
};

enum { OPENSTS_EA07 = 7, OPENSTS_EA11 = 11 };
enum { OPENSTS_DKGA02 = 2, OPENSTS_DKGA04 = 4 };
enum { OPENSTS_DITK = 0, OPENSTS_DDTK_KEY = 1, OPENSTS_DUTK = 2, OPENSTS_DCTK = 3 };

/* What a decoder key is derived from. */
typedef struct {
    const char *meter_pan;              /* 18 digits */
    const char *supply_group_code;      /* 6 digits */
    const char *tariff_index;           /* 2 digits */
    int32_t key_revision_number;        /* 1 to 9 */
    int32_t key_type;                   /* OPENSTS_DITK to OPENSTS_DCTK */
    int32_t key_expiry_number;          /* 0 to 255 */
    int32_t base_date;                  /* 1993, 2014 or 2035 */
    int32_t encryption_algorithm;       /* OPENSTS_EA07 or OPENSTS_EA11 */
    int32_t key_generation_algorithm;   /* OPENSTS_DKGA02 or OPENSTS_DKGA04 */
} opensts_meter;

/* The version of the library: major * 10000 + minor * 100 + patch. */
int32_t opensts_version(void);

/* English for a status; never null. The text is static. */
const char *opensts_status_text(int32_t status);

/* Imports a vending key of 8 or 20 bytes. The library keeps a copy in locked memory; clear your own. */
int32_t opensts_vending_key_import(const uint8_t *key, int32_t length, int64_t *handle);

/* The same for a key from which a manufacturer derives DITKs: it need not be a DES key, so its parity is not checked. */
int32_t opensts_manufacturer_key_import(const uint8_t *key, int32_t length, int64_t *handle);

/* Imports a decoder key: 8 bytes for EA07, 16 for EA11. The attributes may be null; then no rule about the key is
 * checked, and base_date says from when the identifiers of its tokens count. */
int32_t opensts_decoder_key_import(
    const uint8_t *key, int32_t length, int32_t base_date, const opensts_meter *meter, int64_t *handle);

/* Derives the decoder key of a meter. */
int32_t opensts_decoder_key_derive(int64_t vending_key, const opensts_meter *meter, int64_t *handle);

/* Releases a key of either kind and clears it. */
int32_t opensts_key_release(int64_t handle);

/* Issues a token of class 0 or 2 with an identifier.
 * token_class, subclass: the standard's numbers; key change sections come from opensts_key_change.
 * issued_at: the token carries this minute, or 00:02 for the reserved minute 00:01 of a day. Keeping the identifiers
 *   of a meter's tokens apart is the caller's business.
 * random: 0 to 15; ignored for currency.
 * amount: decimal text. Class 0: kWh, m3 or minutes (subclass 0 to 3) or base units of the currency (4 to 7).
 *   Class 2: watts (subclass 0 and 6), otherwise the 16-bit value.
 * digits: receives 20 digits and a zero, 21 bytes. */
int32_t opensts_issue(int64_t decoder_key, int32_t token_class, int32_t subclass, int64_t issued_at, int32_t random,
                      const char *amount, char *digits, int32_t capacity);

/* Issues a token of class 1, which needs no key. control: 36 bits (28 for subclass 1 and 6 to 10). */
int32_t opensts_issue_test(int32_t subclass, int64_t control, int32_t manufacturer_code, char *digits, int32_t capacity);

/* Makes the tokens that change a meter's key, in order, separated by a space.
 * count: 2 or 3 for EA07, 4 for EA11; 0 takes the usual number.
 * checks_expiry: not 0 refuses a new key that has expired at issued_at. */
int32_t opensts_key_change(int64_t from, int64_t to, int32_t count, int32_t checks_expiry, int64_t issued_at,
                           char *tokens, int32_t capacity);

/* Decodes a token as JSON: class, subclass, name, tokenIdentifier and issuedAt, random, and the token's own field
 * (amount, watts, register, value, control). Key bits are never shown. decoder_key may be 0 for class 1. */
int32_t opensts_decode(int64_t decoder_key, const char *digits, char *json, int32_t capacity);

/* Explains a token as JSON, as far as the key allows (decoder_key may be 0): depth, fields with their bits and meaning,
 * CRC found and expected, identifier under each base date, what a meter answers and why. */
int32_t opensts_explain(int64_t decoder_key, const char *digits, char *json, int32_t capacity);

#ifdef __cplusplus
}
#endif
#endif
