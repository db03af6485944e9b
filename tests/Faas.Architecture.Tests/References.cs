using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Faas.Architecture.Tests;

/// <summary>
/// Which namespaces an assembly's code really refers to, read from its compiled form: signatures, attributes and method bodies.
/// A constant leaves no trace there, and neither does a comment.
/// </summary>
internal static class References
{
    /// <summary>Each pair of different namespaces of ours that one refers to the other, with one type that does.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Of(params string[] assemblies)
    {
        var found = new Dictionary<(string, string), string>();
        foreach (var type in assemblies.SelectMany(path => ModuleDefinition.ReadModule(path).GetTypes()))
        {
            foreach (var to in Named(type).SelectMany(Parts).Select(NamespaceOf).Where(IsOurs))
            {
                if (NamespaceOf(type) is var from && IsOurs(from) && from != to)
                {
                    found.TryAdd((from, to), type.FullName);
                }
            }
        }

        return found;
    }

    private static bool IsOurs(string name) => name.StartsWith("Faas.", StringComparison.Ordinal);

    private static string NamespaceOf(TypeReference type) => type.DeclaringType is { } outer ? NamespaceOf(outer) : type.Namespace;

    private static IEnumerable<TypeReference?> Named(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.Properties.SelectMany(property => property.CustomAttributes).Select(attribute => attribute.AttributeType),
        .. type.Methods.SelectMany(Named),
    ];

    private static IEnumerable<TypeReference?> Named(MethodDefinition method) =>
    [
        .. Named((MethodReference)method),
        .. method.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Named) : [],
    ];

    private static IEnumerable<TypeReference?> Named(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference?> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => Named(method),
        _ => [],
    };

    // Of List<Run[]>: List, Run.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };
}
