using Mono.Cecil;
using Mono.Cecil.Cil;

namespace OpenSts.Architecture.Tests.Rules;

/// <summary>Calls in compiled code that wait for a task. The compiler never writes them itself.</summary>
public static class BlockingCalls
{
    private static readonly string[] Methods = ["Wait", "WaitAll", "WaitAny", "get_Result"];

    /// <summary>Every such call of an assembly.</summary>
    /// <param name="path">The file of the assembly.</param>
    /// <param name="project">The project it was built from.</param>
    public static IEnumerable<Violation> In(string path, string project)
    {
        using var module = ModuleDefinition.ReadModule(path);
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            foreach (var call in method.Body.Instructions.Where(IsBlocking)
                .Select(one => (MethodReference)one.Operand))
                yield return new Violation(project,
                    $"{method.DeclaringType.FullName}.{method.Name} calls {call.Name} of a task");
        }
    }

    private static bool IsBlocking(Instruction instruction) =>
        instruction.Operand is MethodReference { Name: var name } method && Methods.Contains(name)
        && method.DeclaringType is { Namespace: "System.Threading.Tasks", Name: "Task" or "Task`1" or "ValueTask`1" };
}
