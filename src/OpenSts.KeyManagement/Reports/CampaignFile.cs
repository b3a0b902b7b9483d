using System.Text.Encodings.Web;
using System.Text.Json;
using OpenSts.KeyManagement.Keys;
using OpenSts.KeyManagement.Records;

namespace OpenSts.KeyManagement.Reports;

/// <summary>
/// The campaign as a file for a vending server: JSON with a schema and its version, documented in
/// docs/reference/campaign-file.md.
/// </summary>
public static class CampaignFile
{
    /// <summary>The name of the schema.</summary>
    public const string Schema = "opensts-key-change-campaign";

    /// <summary>
    /// The version of the schema. Members may be added within a version; what a member means does not change.
    /// </summary>
    public const int Version = 1;
    private static readonly JsonWriterOptions Form =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file.</summary>
    /// <param name="centre">Whose keys they are.</param>
    /// <returns>JSON in UTF-8 with a line feed at its end. It holds no key.</returns>
    public static string Write(KeyCentre centre)
    {
        ArgumentNullException.ThrowIfNull(centre);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Form))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteNumber("version", Version);
            json.WriteString("centre", centre.Kmcid);
            json.WriteString("made", Text(centre.Now));
            json.WriteStartArray("changes");
            foreach (var line in KeyReport.Campaign(centre))
                WriteLine(json, line);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteLine(Utf8JsonWriter json, CampaignLine line)
    {
        json.WriteStartObject();
        json.WriteString("supplyGroupCode", line.Group);
        WriteKey(json, "from", line.OldKey, line.OldStage);
        if (line.NewKey is { } fresh)
            WriteKey(json, "to", fresh, line.NewStage!.Value);
        else
            json.WriteNull("to");
        json.WriteBoolean("rollover", line.Rollover);
        WriteTime(json, "creditUntil", line.CreditUntil);
        WriteTime(json, "setsUntil", line.SetsUntil);
        json.WriteString("reason", line.OldKey.Reason);
        json.WriteStartArray("readyModules");
        foreach (var module in line.ReadyModules)
            json.WriteStringValue(module);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter json, string name, CentreVendingKey key, KeyStage stage)
    {
        json.WriteStartObject(name);
        json.WriteString("id", key.Id);
        json.WriteNumber("keyRevisionNumber", key.Krn);
        json.WriteString("keyType", key.KeyType.Abbreviation());
        json.WriteString("decoderKeyGenerationAlgorithm", key.Dkga.Name());
        json.WriteNumber("baseDate", key.BaseYear);
        json.WriteNumber("keyExpiryNumber", key.Ken);
        json.WriteString("checkValue", key.CheckValue);
        json.WriteString("stage", stage.Name());
        WriteTime(json, "activeFrom", key.Activation);
        WriteTime(json, "until", key.Expiry);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
            json.WriteString(name, Text(at));
        else
            json.WriteNull(name);
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
