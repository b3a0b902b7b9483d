/* A PKCS#11 library for tests: SoftHSM, but that it makes keys readable against the template it was given. */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

typedef unsigned long number;
typedef struct { number type; void *value; number length; } attribute;
typedef struct { unsigned char version[2]; void *function[68]; } list;

static list functions;
static number (*create)(number, attribute *, number, number *);
static number (*generate)(number, void *, attribute *, number, number *);
static unsigned char yes = 1, no = 0;

static void loosen(const attribute *from, number count, attribute *to)
{
    memcpy(to, from, count * sizeof *to);
    for (number i = 0; i < count; i++) {
        if (to[i].type == 0x103)
            to[i].value = &no;
        if (to[i].type == 0x162)
            to[i].value = &yes;
    }
}

static number create_readable(number session, attribute *template, number count, number *handle)
{
    attribute loose[32];
    loosen(template, count, loose);
    return create(session, loose, count, handle);
}

static number generate_readable(number session, void *mechanism, attribute *template, number count, number *handle)
{
    attribute loose[32];
    loosen(template, count, loose);
    return generate(session, mechanism, loose, count, handle);
}

number C_GetFunctionList(list **to)
{
    void *library = dlopen(SOFTHSM, RTLD_NOW);
    number (*get)(list **) = library ? (number (*)(list **))dlsym(library, "C_GetFunctionList") : NULL;
    list *from;
    if (get == NULL || get(&from) != 0)
        return 5;
    functions = *from;
    create = functions.function[20];
    generate = functions.function[58];
    functions.function[20] = create_readable;
    functions.function[58] = generate_readable;
    *to = &functions;
    return 0;
}
