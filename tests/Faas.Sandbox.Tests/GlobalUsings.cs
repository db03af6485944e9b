global using Faas.Tests;
global using Faas.Sandbox.Tests.Servers;
global using Xunit;
