using System.CommandLine;
using System.Text.Json.Nodes;
using OpenSts.Cli.Terminal;
using OpenSts.Cosem.Client;
using OpenSts.Dlms.Apdu;
using OpenSts.Dlms.Client;
using OpenSts.Dlms.Objects;
using OpenSts.Dlms.Values;

namespace OpenSts.Cli.Cosem;

/// <summary><c>sts cosem ...</c>: a meter over DLMS/COSEM.</summary>
internal static class CosemCommands
{
    public static Command Create() => new Command("cosem", "A meter over DLMS/COSEM: read it, recharge it, or be one")
    {
        Read(), List(), EnterCommand.Create(), Dump(), KeysCommands.Create(), CertificateCommands.Create(),
            ServeCommand.Create(),
    }.WithCosemExamples();

    private static Command Read()
    {
        var name = new Argument<string>("object") { Description = "Logical name, such as 0-0:19.0.0.255" };
        var attribute = new Argument<int?>("attribute")
        {
            Description = "1 and up; all where it is left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var classId = new Option<int?>("--class") { Description = "Interface class; else the object list is asked" };
        var options = new CosemOptions();
        var command = new Command("read", "Read an object's attributes") { name, attribute, classId };
        options.AddTo(command);
        return command.Does(parsed =>
        {
            if (!LogicalName.TryParse(parsed.GetValue(name), out var target))
                throw new CliException("the object is not a logical name A-B:C.D.E.F");
            if (parsed.GetValue(attribute) is < -128 or > 127 || parsed.GetValue(classId) is < 0 or > 65535)
                throw new CliException("attributes are -128 to 127, classes 0 to 65535");
            return options.Run(parsed, async client =>
            {
                MemberReference[] wanted;
                if (parsed.GetValue(classId) is { } given && parsed.GetValue(attribute) is { } only)
                {
                    wanted = [new MemberReference((ushort)given, target, (sbyte)only)];
                }
                else
                {
                    var listed = (await client.ListAsync().ConfigureAwait(false))
                        .FirstOrDefault(each => each.Name == target);
                    if (listed is null)
                    {
                        Console.Error.WriteLine($"sts cosem read: there is no object {target} for this client");
                        return ExitCode.Negative;
                    }

                    var indexes = parsed.GetValue(attribute) is { } index ? [(sbyte)index] : listed.Attributes;
                    wanted = [.. indexes.Select(each => new MemberReference(listed.ClassId, target, each))];
                }

                var failed = false;
                foreach (var member in wanted)
                {
                    var result = await client.GetAsync(member).ConfigureAwait(false);
                    failed |= result.Error != DataAccessResult.Success;
                    Print(parsed, member, result, await ScalingAsync(client, member).ConfigureAwait(false));
                }

                return failed ? ExitCode.Negative : ExitCode.Good;
            });
        });
    }

    private static Command List()
    {
        var options = new CosemOptions();
        var command = new Command("list", "List the objects this client may see");
        options.AddTo(command);
        return command.Does(parsed => options.Run(parsed, async client =>
        {
            var rows = new List<IReadOnlyList<string>>();
            foreach (var each in await client.ListAsync().ConfigureAwait(false))
            {
                if (parsed.WantsJson())
                    Console.Out.WriteLine(Listed(each).ToJsonString(JsonText.Readable));
                var (attributes, methods) = (string.Join(' ', each.Attributes), string.Join(' ', each.Methods));
                rows.Add(
                [
                    $"{each.ClassId}", $"{each.Version}", $"{each.Name}", ClassNames.OfClass(each.ClassId), attributes,
                    methods,
                ]);
            }

            if (!parsed.WantsJson())
                Tables.Write(["Class", "Version", "Object", "Name", "Attributes", "Methods"], rows);
            return ExitCode.Good;
        }));
    }

    private static Command Dump()
    {
        var options = new CosemOptions();
        var command = new Command("dump", "Read every attribute of every object");
        options.AddTo(command);
        return command.Does(parsed => options.Run(parsed, async client =>
        {
            var scalings = new Dictionary<MemberReference, Scaling?>();
            await foreach (var (attribute, result) in client.DumpAsync().ConfigureAwait(false))
            {
                Scaling? scaling = null;
                if (Scaling.Of(attribute) is { } source && !scalings.TryGetValue(source, out scaling))
                    scalings[source] = scaling = await ScalingAsync(client, attribute).ConfigureAwait(false);
                Print(parsed, attribute, result, scaling);
            }

            return ExitCode.Good;
        }));
    }

    private static async Task<Scaling?> ScalingAsync(DlmsClient client, MemberReference attribute)
    {
        if (Scaling.Of(attribute) is not { } source)
            return null;
        var result = await client.GetAsync(source).ConfigureAwait(false);
        return source.ClassId == 3 ? Scaling.OfScalerUnit(result.Value) : Scaling.OfCurrency(result.Value);
    }

    private static void Print(ParseResult parsed, MemberReference attribute, ReadResult result, Scaling? scaling) =>
        Console.Out.WriteLine(parsed.WantsJson()
        ? CosemJson.Attribute(attribute, result, scaling).ToJsonString(JsonText.Readable)
        : $"{attribute,-26} {ClassNames.OfAttribute(attribute.ClassId, attribute.Index),-32} "
            + $"{CosemJson.Text(result, scaling)}");

    private static JsonObject Listed(ListedObject each) => new()
    {
        ["class"] = each.ClassId,
        ["version"] = each.Version,
        ["object"] = each.Name.ToString(),
        ["name"] = ClassNames.OfClass(each.ClassId),
        ["attributes"] = new JsonArray([.. each.Attributes.Select(index => (JsonNode)index)]),
        ["methods"] = new JsonArray([.. each.Methods.Select(index => (JsonNode)index)]),
    };
}
