using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenSts.Vending.Api;

/// <summary>The OpenAPI 3.1 document, made from the same rows that serve.</summary>
public static class OpenApiDocument
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The document as JSON.</summary>
    public static string Write(IEnumerable<ApiRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var paths = new JsonObject();
        foreach (var path in routes.GroupBy(route => route.Path))
        {
            var item = new JsonObject();
            foreach (var route in path)
                item[route.Method.ToLowerInvariant()] = Operation(route);
            paths[path.Key] = item;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "OpenSts vending",
                ["version"] = "1",
                ["description"] = "Money and units are decimal strings, tokens strings of 20 digits, times RFC 3339. Problems are application/problem+json with a code; each has a page at its type.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["apiKey"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["schemas"] = new JsonObject { ["Problem"] = Problem() },
            },
            ["security"] = new JsonArray(new JsonObject { ["apiKey"] = new JsonArray() }),
        }.ToJsonString(Readable);
    }

    private static JsonObject Operation(ApiRoute route)
    {
        var operation = new JsonObject
        {
            ["operationId"] = OperationId(route),
            ["summary"] = route.Summary,
            ["x-scope"] = Access.Permissions.Scope(route.Needs),
        };
        var parameters = new JsonArray();
        foreach (var name in route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
            parameters.Add(Parameter(name, "path", true, ""));
        foreach (var (name, says) in route.Query)
            parameters.Add(Parameter(name, "query", false, says));
        if (route.Method == "POST")
            parameters.Add(Parameter("Idempotency-Key", "header", false, "The same key gives the same answer."));
        if (parameters.Count > 0)
            operation["parameters"] = parameters;
        if (route.Body.Count > 0)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = route.Body.Any(field => field.Required),
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Schema(route.Body) } },
            };
        }

        operation["responses"] = new JsonObject
        {
            [route.Method switch { "DELETE" => "204", "PUT" => "201", _ => "200" }] = new JsonObject { ["description"] = "Done." },
            ["default"] = new JsonObject
            {
                ["description"] = "A problem.",
                ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } } },
            },
        };
        return operation;
    }

    private static string OperationId(ApiRoute route) =>
        string.Concat(route.Method.ToLowerInvariant(), string.Concat(route.Path.Split('/', '-', '{', '}', '.').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..])));

    private static JsonObject Parameter(string name, string where, bool required, string says) => new()
    {
        ["name"] = name,
        ["in"] = where,
        ["required"] = required,
        ["description"] = says,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Schema(IReadOnlyList<FieldSpec> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
            properties[field.Name] = Schema(field);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. fields.Where(field => field.Required).Select(field => (JsonNode)field.Name)]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Schema(FieldSpec field)
    {
        var says = field.Says.Length > 0 ? field.Says : field.Permitted;
        return field.Form switch
        {
            FieldForm.Text => new JsonObject { ["type"] = "string", ["minLength"] = (int)field.Least, ["maxLength"] = (int)field.Most, ["description"] = says },
            FieldForm.Decimal => new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+(\\.[0-9]{1,6})?$", ["description"] = field.Permitted + (field.Says.Length > 0 ? ". " + field.Says : "") },
            FieldForm.Whole => new JsonObject { ["type"] = "integer", ["minimum"] = (long)field.Least, ["maximum"] = (long)field.Most, ["description"] = says },
            FieldForm.Flag => new JsonObject { ["type"] = "boolean" },
            FieldForm.Choice => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. field.Choices.Select(word => (JsonNode)word)]) },
            FieldForm.Date => new JsonObject { ["type"] = "string", ["format"] = "date" },
            FieldForm.Object => Schema(field.Fields),
            FieldForm.List => new JsonObject { ["type"] = "array", ["minItems"] = (int)field.Least, ["maxItems"] = (int)field.Most, ["items"] = Schema(field.Fields) },
            _ => new JsonObject { ["type"] = "string", ["description"] = says },
        };
    }

    private static JsonObject Problem() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string", ["format"] = "uri-reference" },
            ["title"] = new JsonObject { ["type"] = "string" },
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["code"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. ProblemCatalogue.All.Select(kind => (JsonNode)kind.Code)]) },
            ["field"] = new JsonObject { ["type"] = "string" },
            ["errors"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["field"] = new JsonObject { ["type"] = "string" },
                        ["held"] = new JsonObject { ["type"] = "string" },
                        ["permitted"] = new JsonObject { ["type"] = "string" },
                    },
                },
            },
        },
    };
}
