namespace OpenSts.Dlms.Apdu;

/// <summary>The first octet of an APDU: which service it is and how it is protected.</summary>
/// <remarks>IEC 62056-5-3, COSEMpdu.</remarks>
public enum ApduTag
{
    /// <summary>Opens xDLMS inside an association request.</summary>
    InitiateRequest = 0x01,

    /// <summary>Opens xDLMS inside an association response.</summary>
    InitiateResponse = 0x08,

    /// <summary>xDLMS was not opened, inside an association response.</summary>
    ConfirmedServiceError = 0x0E,

    /// <summary>InitiateRequest under the global key.</summary>
    GloInitiateRequest = 0x21,

    /// <summary>InitiateResponse under the global key.</summary>
    GloInitiateResponse = 0x28,

    /// <summary>Association request (AARQ).</summary>
    AssociationRequest = 0x60,

    /// <summary>Association response (AARE).</summary>
    AssociationResponse = 0x61,

    /// <summary>Release request (RLRQ).</summary>
    ReleaseRequest = 0x62,

    /// <summary>Release response (RLRE).</summary>
    ReleaseResponse = 0x63,

    /// <summary>GET request.</summary>
    GetRequest = 0xC0,

    /// <summary>SET request.</summary>
    SetRequest = 0xC1,

    /// <summary>ACTION request.</summary>
    ActionRequest = 0xC3,

    /// <summary>GET response.</summary>
    GetResponse = 0xC4,

    /// <summary>SET response.</summary>
    SetResponse = 0xC5,

    /// <summary>ACTION response.</summary>
    ActionResponse = 0xC7,

    /// <summary>
    /// GET request under the global key; the other services follow in the order of their plain tags.
    /// </summary>
    GloGetRequest = 0xC8,

    /// <summary>ACTION response under the global key.</summary>
    GloActionResponse = 0xCF,

    /// <summary>
    /// GET request under the dedicated key; the other services follow in the order of their plain tags.
    /// </summary>
    DedGetRequest = 0xD0,

    /// <summary>ACTION response under the dedicated key.</summary>
    DedActionResponse = 0xD7,

    /// <summary>The request could not be served at all.</summary>
    ExceptionResponse = 0xD8,

    /// <summary>Any APDU under the global key, with the sender's system title.</summary>
    GeneralGloCiphering = 0xDB,

    /// <summary>Any APDU under the dedicated key, with the sender's system title.</summary>
    GeneralDedCiphering = 0xDC,

    /// <summary>Any APDU, with both system titles and the key it is under.</summary>
    GeneralCiphering = 0xDD,

    /// <summary>A piece of any APDU but those of ACSE.</summary>
    GeneralBlockTransfer = 0xE0,
}
